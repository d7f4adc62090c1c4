import { type CelRule, celRegexp } from '../cel-rule.ts';
import { dnsSubdomain, openHostPath, parentFolder, pullPolicy } from './patterns.ts';

const names = 'lower-case letters, digits, "-" and "." only';

/** At a pull policy. */
export const pullPolicyRules: readonly CelRule[] = [
  {
    id: 'image-pull-policy',
    rule: `self.matches(${celRegexp(pullPolicy)})`,
    says: '"{}" is no pull policy: write one of Always, Never, IfNotPresent, or leave it out',
    value: 'self',
  },
];

/** At devicePlugin and dra. */
export const pluginRules: readonly CelRule[] = [
  {
    id: 'plugin-container-required',
    rule: 'has(self.container)',
    says: 'required: name at least its image',
    at: '.container',
    required: true,
  },
  {
    id: 'host-path',
    rule: `!has(self.volumes) || self.volumes.all(v, !has(v.hostPath) || v.hostPath.path.matches(${celRegexp(openHostPath)}) && !v.hostPath.path.matches(${celRegexp(parentFolder)}))`,
    says: 'a hostPath is not open to Modules: use a path at or under /dev, /sys, /var, /opt, /run',
    at: '.volumes',
  },
];

/** At each container of a plugin. */
export const pluginContainerRules: readonly CelRule[] = [
  {
    id: 'plugin-image-required',
    rule: 'has(self.image)',
    says: 'required: name the image of this container',
    at: '.image',
    required: true,
  },
  {
    id: 'plugin-env-name',
    rule: '!has(self.env) || self.env.all(e, has(e.name))',
    says: 'each variable needs a name',
    at: '.env',
  },
  {
    id: 'plugin-volume-mount',
    rule: '!has(self.volumeMounts) || self.volumeMounts.all(m, has(m.name) && has(m.mountPath))',
    says: 'each mount needs a name (of a volume) and a mountPath',
    at: '.volumeMounts',
  },
];

export const draRules: readonly CelRule[] = [
  ...pluginRules,
  {
    id: 'dra-driver-name',
    rule: "self.?driverName.orValue('') != ''",
    says: 'required: the name that the driver registers, as gpu.example.com',
    at: '.driverName',
    required: true,
  },
  {
    id: 'dra-driver-name',
    rule: `self.?driverName.orValue('') == '' || self.driverName.size() <= 253 && self.driverName.matches(${celRegexp(dnsSubdomain)})`,
    says: `"{}" is no DNS name: ${names}`,
    value: 'self.driverName',
    at: '.driverName',
  },
  {
    id: 'dra-class-duplicate',
    rule: '!has(self.deviceClasses) || self.deviceClasses.all(c, self.deviceClasses.exists_one(d, !has(d.name) || !has(c.name) || d.name == c.name))',
    says: 'a name is listed twice: remove one',
    at: '.deviceClasses',
  },
];

/** At each DeviceClass. */
export const deviceClassRules: readonly CelRule[] = [
  {
    id: 'dra-class-name',
    rule: "self.?name.orValue('') != ''",
    says: 'required: the name of the DeviceClass',
    at: '.name',
    required: true,
  },
  {
    id: 'dra-class-name',
    rule: `self.?name.orValue('') == '' || self.name.size() <= 253 && self.name.matches(${celRegexp(dnsSubdomain)})`,
    says: `"{}" is no DNS name: ${names}`,
    value: 'self.name',
    at: '.name',
  },
  {
    id: 'dra-class-size',
    rule: '(!has(self.selectors) || self.selectors.size() <= 32) && (!has(self.config) || self.config.size() <= 32)',
    says: 'at most 32 selectors and 32 configs: split it into several classes',
  },
];

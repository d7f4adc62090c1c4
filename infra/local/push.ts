import { parseArgs } from 'node:util';
import { pushKmodImage } from './push-kmod-image.ts';

/**
 * Pushes a new kmod image for demonstrations, for people without skopeo:
 * `node infra/node24.mjs infra/local/push.ts 127.0.0.1:5000/simple-kmod-fc37:6.0.15-300.fc37.x86_64 [--arch arm64]`
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { arch: { type: 'string', multiple: true, default: ['amd64'] } },
});
const [reference] = positionals;
if (reference === undefined) {
  console.error('Which image? push.ts 127.0.0.1:PORT/REPOSITORY:TAG [--arch ARCH…]');
  process.exitCode = 2;
} else {
  const kernelVersion = reference.slice(reference.lastIndexOf(':') + 1);
  const digest = await pushKmodImage({ reference, kernelVersion, architectures: values.arch, revision: Date.now() });
  console.log(`Pushed ${reference} ${digest}`);
}

import { Buffer } from 'node:buffer';
import { generateKeyPairSync, sign } from 'node:crypto';

/** PEM */
export interface SelfSigned {
  key: string;
  cert: string;
}

const ecdsaWithSha256 = '06082a8648ce3d040302';

/** A certificate of its own making for 127.0.0.1 and the given names, valid now; nobody trusts it unless told to. */
export function selfSigned(names: readonly string[] = []): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, Buffer.from(ecdsaWithSha256, 'hex'));
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('test')));
  const name = der(0x30, der(0x31, commonName));
  const validity = der(0x30, time(-1), time(1));
  const alternatives = [der(0x87, Buffer.from([127, 0, 0, 1])), ...names.map((dns) => der(0x82, Buffer.from(dns)))];
  const extension = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, der(0x30, ...alternatives)));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = der(0xa3, der(0x30, extension));
  const toSign = der(0x30, version, serial, algorithm, name, validity, name, spki, extensions);
  const signature = der(0x03, Buffer.from([0]), sign('sha256', toSign, privateKey));
  const cert = der(0x30, toSign, algorithm, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** One element of DER: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

/** GeneralizedTime, days from now. */
function time(days: number): Buffer {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
}

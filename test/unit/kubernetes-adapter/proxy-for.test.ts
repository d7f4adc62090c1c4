import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../shared/adapters/kubernetes/proxy-for.ts';

const proxy = 'http://proxy.example:3128';
const through: [server: string, noProxy: string][] = [
  ['https://api.example', ''],
  ['https://api.example', 'other.example, .api.example'],
  ['https://myapi.example', 'api.example'],
  ['https://api.example:6443', 'api.example:443'],
  ['https://10.1.2.3', '10.2.0.0/16,10.1.2.4,nonsense/99,10.0.0.0/x'],
  ['https://[2001:db8::1]', '2001:db9::/32,10.0.0.0/8'],
];
const directly: [server: string, noProxy: string][] = [
  ['http://api.example', ''],
  ['https://localhost:6443', ''],
  ['https://127.0.0.1:6443', ''],
  ['https://[::1]:6443', ''],
  ['https://api.example', '*'],
  ['https://API.example', 'other, api.EXAMPLE'],
  ['https://api.example', 'example'],
  ['https://api.example', '.example'],
  ['https://api.example', '*.example'],
  ['https://api.example:6443', 'api.example:6443'],
  ['https://api.example', 'api.example:443'],
  ['https://10.1.2.3', '10.1.2.3'],
  ['https://10.1.2.3', '10.1.0.0/16'],
  ['https://[2001:db8::1]', '2001:db8::/32'],
];

for (const [server, noProxy] of through) {
  test(`${server} with NO_PROXY "${noProxy}" goes through the proxy`, () => {
    assert.equal(proxyFor(server, { HTTPS_PROXY: proxy, NO_PROXY: noProxy }), proxy);
    assert.equal(proxyFor(server, { https_proxy: proxy, no_proxy: noProxy }), proxy);
  });
}
for (const [server, noProxy] of directly) {
  test(`${server} with NO_PROXY "${noProxy}" is asked directly`, () => {
    assert.equal(proxyFor(server, { HTTPS_PROXY: proxy, NO_PROXY: noProxy }), undefined);
  });
}

test('without a proxy in the environment there is none', () => {
  assert.equal(proxyFor('https://api.example', {}), undefined);
});

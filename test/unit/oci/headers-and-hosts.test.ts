import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEcrHost } from '../../../shared/oci/ecr-host.ts';
import { parseNextLink } from '../../../shared/oci/link-header.ts';
import { retryAfterSeconds } from '../../../shared/oci/retry-after.ts';

describe('parseNextLink', () => {
  const cases: [header: string | undefined, target: string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['</v2/a/tags/list?last=x>; rel="next"', '/v2/a/tags/list?last=x'],
    ['</v2/a>; rel=next', '/v2/a'],
    ['</first>; rel="first", </next>; title="a, b"; rel="next"', '/next'],
    ['</last>; rel="last"', undefined],
    ['</a>; relx="next"', undefined],
    ['nonsense; rel="next"', undefined],
  ];
  for (const [header, target] of cases) {
    test(`reads ${header}`, () => assert.equal(parseNextLink(header), target));
  }
});

describe('retryAfterSeconds', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const cases: [header: string | undefined, seconds: number | undefined][] = [
    [undefined, undefined],
    ['0', 0],
    ['120', 120],
    ['999999999', 86_400],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['Thu, 01 Jan 2015 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [header, seconds] of cases) {
    test(`reads ${JSON.stringify(header)} as ${seconds}`, () => assert.equal(retryAfterSeconds(header, now), seconds));
  }
});

describe('parseEcrHost', () => {
  const account = '111122223333';
  const cases: [host: string, region: string | undefined][] = [
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, 'eu-west-1'],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1'],
    [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`, 'us-gov-west-1'],
    [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1'],
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com.evil.example`, undefined],
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com:5000`, undefined],
    [`${account}.dkr.ecr.eu-west-1.amazonaws_com`, undefined],
    [`evil.${account}.dkr.ecr.eu-west-1.amazonaws.com`, undefined],
    ['1.dkr.ecr.eu-west-1.amazonaws.com', undefined],
    ['public.ecr.aws', undefined],
  ];
  for (const [host, region] of cases) {
    test(`${host} is ${region === undefined ? 'none' : `in ${region}`}`, () => {
      assert.deepEqual(parseEcrHost(host), region === undefined ? undefined : { account, region });
    });
  }
});

import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';

/** Where a registry of ECR is; nothing else may come to stand in a host's name. */
const Place = z.object({
  account: z.string().regex(/^\d{12}$/, 'expected an account id'),
  region: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/, 'expected a region'),
});

/** What image references call the registry of an account in a region. China's partition has a domain of its own. */
export function ecrRegistry(place: unknown, what: string): string {
  const { account, region } = parseWith(Place, place, what);
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

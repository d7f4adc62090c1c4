import * as z from 'zod';

/** Where a registry of ECR is; nothing else may come to stand in a host's name. */
export const EcrPlace = z.object({
  account: z.string().regex(/^\d{12}$/, 'expected an account id'),
  region: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/, 'expected a region'),
});

/** What image references call the registry of an account in a region. China's partition has a domain of its own. */
export function ecrRegistry({ account, region }: z.infer<typeof EcrPlace>): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

const host = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** Account and region of an ECR registry's host; another host comes out as an account of nobody. */
export function ecrPlace(registry: string): { account: string; region: string } {
  const [, account = '000000000000', region = 'us-east-1'] = host.exec(registry) ?? [];
  return { account, region };
}

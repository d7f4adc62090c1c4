export interface EcrHost {
  account: string;
  region: string;
}

const grammar = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/;

/**
 * The account and region of a private ECR registry, `<account>.dkr.ecr.<region>.amazonaws.com(.cn)`; also its FIPS and
 * dual-stack (`dkr-ecr…on.aws`) hosts. The whole host has to match, so that no look-alike host gets a token.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export function parseEcrHost(host: string): EcrHost | undefined {
  const [, account, region] = grammar.exec(host) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}

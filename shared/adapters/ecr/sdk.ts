/**
 * What we use of AWS's client, and nothing else: this file is imported dynamically, so that a bundle can keep the SDK in a
 * file of its own that only a look-up in ECR loads.
 */
export { BatchGetImageCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

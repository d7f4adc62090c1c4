import type { TlsOptions } from '../module.ts';
import type { Tls } from '../module-loader-data.ts';

/** TLS options with both answers given; unset means strict. */
export function toTls(options: TlsOptions | undefined): Tls {
  return { insecure: options?.insecure ?? false, insecureSkipTLSVerify: options?.insecureSkipTLSVerify ?? false };
}

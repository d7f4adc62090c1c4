import { redact } from '../../shared/adapters/logger/redact.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { Tell } from './stack-event.ts';

/** Passes everything on, and tells of what went wrong; without the secrets, as in the log itself. */
export function observedLogger(log: Logger, secrets: readonly string[], tell: Tell): Logger {
  const complaint =
    (level: 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}) => {
      log[level](message, fields);
      const told = Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]);
      tell({ kind: 'complaint', level, message, fields: redact(Object.fromEntries(told), secrets) });
    };
  return { debug: log.debug, info: log.info, warn: complaint('warn'), error: complaint('error') };
}

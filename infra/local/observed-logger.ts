import type { Logger } from '../../shared/ports/logger.ts';
import type { Tell } from './stack-event.ts';

/** Passes everything on, and tells of what went wrong. */
export function observedLogger(log: Logger, tell: Tell): Logger {
  const complaint =
    (level: 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}) => {
      log[level](message, fields);
      tell({ kind: 'complaint', level, message, fields });
    };
  return {
    debug: log.debug,
    info: log.info,
    warn: complaint('warn'),
    error: complaint('error'),
  };
}

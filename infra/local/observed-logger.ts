import type { Logger } from '../../shared/ports/logger.ts';
import type { Tell } from './stack-event.ts';

/** Passes everything on, and tells of what doors received and of what went wrong. */
export function observedLogger(log: Logger, tell: Tell): Logger {
  const complaint = (level: 'warn' | 'error') => (message: string, fields: Record<string, unknown> = {}) => {
    log[level](message, fields);
    tell({ kind: 'complaint', level, message, fields });
  };
  return {
    debug: log.debug,
    info(message, fields = {}) {
      log.info(message, fields);
      const { from, queued } = fields;
      if (message === 'Events received' && typeof from === 'string' && typeof queued === 'number' && queued > 0)
        tell({ kind: 'received', from, queued });
    },
    warn: complaint('warn'),
    error: complaint('error'),
  };
}

import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { isDigest } from '../../oci/digest.ts';
import { parseReference } from '../../oci/parse-reference.ts';
import type { OciReference } from '../../oci/reference.ts';
import type { ImageTrigger } from '../trigger.ts';
import { TagName } from './image-trigger.ts';

/** A whole image reference in an event. What is said about a wrong one never repeats it: it may hold credentials. */
export const ImageReference = z.string().transform((text, context): OciReference => {
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    context.addIssue({ code: 'custom', message: 'expected an image reference' });
    return z.NEVER;
  }
});

/** What stands behind the name where senders put either into one field: a digest or a tag. */
export const TagOrDigest = z
  .string()
  .refine((text) => isDigest(text) || TagName.safeParse(text).success, 'expected a tag or a digest')
  .transform((text): Pick<ImageTrigger, 'tag' | 'digest'> => (isDigest(text) ? { digest: text } : { tag: text }));

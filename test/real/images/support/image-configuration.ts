import * as z from 'zod';
import type { Buildah } from './buildah.ts';

const Inspected = z.object({
  OCIv1: z.object({
    architecture: z.string(),
    config: z.object({
      User: z.string().default(''),
      WorkingDir: z.string().default(''),
      Entrypoint: z.array(z.string()).default([]),
      Cmd: z.array(z.string()).default([]),
    }),
  }),
});

/** What an image says about how it is run; what it does not say is empty. */
export async function imageConfiguration(buildah: Buildah, image: string) {
  const { OCIv1 } = Inspected.parse(JSON.parse(await buildah('inspect', '--type', 'image', image)));
  return { architecture: OCIv1.architecture, ...OCIv1.config };
}

/** What the installation (not the Module) says about the pods that we make. */
export interface DesiredSettings {
  /** Our small image with kmod and a shell; configured, it makes the `copy` shape the default. */
  loaderImage?: string;
  /** Where firmware is copied to on the host; `/var/lib/firmware` as KMM 1.x. */
  firmwareHostPath: string;
}

export const defaultDesiredSettings: DesiredSettings = { firmwareHostPath: '/var/lib/firmware' };

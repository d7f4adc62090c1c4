/**
 * Shell for the container of a KMM 1.x loader: puts in modprobe's place a program that does nothing and fails, and succeeds
 * only if that one is found. Then the pod's preStop, `modprobe -r … && <remove the firmware>`, does nothing, and the pod can be
 * deleted with its module left loaded. A shell that has modprobe built in finds its own: that is not taken for success.
 */
export const keepLoadedScript =
  'm=$(command -v modprobe) && rm -f "$m" && printf "#!/bin/sh\\necho kept\\nexit 1\\n" >"$m" && chmod 755 "$m" && [ "$(modprobe)" = kept ]';

/** For one pod: keep the module, and only then delete the pod. */
export function endLoaderCommand({ namespace, name }: { namespace: string; name: string }): string {
  return `kubectl exec -n ${namespace} ${name} -c module-loader -- /bin/sh -c '${keepLoadedScript}' && kubectl delete pod -n ${namespace} ${name}`;
}

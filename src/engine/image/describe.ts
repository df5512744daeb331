import { type OciConfig, type OciRunConfig, ociPlatform } from "../../formats/oci/index.ts";
import type { KiwiCommand } from "../../formats/kiwi/index.ts";
import type { ImageRequest } from "./types.ts";

/** Where programs are looked for when the description sets no PATH. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The image's configuration from its description. */
export function makeConfig(request: ImageRequest, diffId: string): OciConfig {
  const created = new Date(request.sourceDateEpoch * 1000).toISOString().replace(".000Z", "Z");
  const container = request.selection.type.container;
  return {
    ...ociPlatform(request.arch),
    created,
    ...(container === undefined || container.maintainer === "" ? {} : { author: container.maintainer }),
    config: runConfig(request),
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [
      {
        created,
        created_by: container?.history.createdBy || "weir",
        comment: container?.history.comment || request.selection.name,
      },
    ],
  };
}

function runConfig(request: ImageRequest): OciRunConfig {
  const container = request.selection.type.container;
  const environment = new Map([["PATH", defaultPath], ...(container?.environment ?? [])]);
  const labels = new Map([
    ["org.opencontainers.image.version", request.selection.version],
    ...(container?.labels ?? []),
  ]);
  const command = (value: KiwiCommand | undefined) => (value === undefined || value.clear ? undefined : value.argv);
  const entrypoint = command(container?.entrypoint);
  const subcommand = command(container?.subcommand);
  const set = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  return {
    Env: [...environment.entries()].map(([name, value]) => `${name}=${value}`),
    ...(container === undefined || container.user === "" ? {} : { User: container.user }),
    ...(container === undefined || container.workingDirectory === "" ? {} : { WorkingDir: container.workingDirectory }),
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    ...(subcommand === undefined ? {} : { Cmd: subcommand }),
    ...(container === undefined || container.expose.length === 0
      ? {}
      : { ExposedPorts: set(container.expose.map((port) => (port.includes("/") ? port : `${port}/tcp`))) }),
    ...(container === undefined || container.volumes.length === 0 ? {} : { Volumes: set(container.volumes) }),
    Labels: Object.fromEntries(labels),
  };
}

/** The manifest's annotations: title and version unless the request says otherwise. */
export function makeAnnotations(request: ImageRequest): Readonly<Record<string, string>> {
  return {
    "org.opencontainers.image.title": request.selection.type.container?.name ?? request.selection.name,
    "org.opencontainers.image.version": request.selection.version,
    ...request.annotations,
  };
}

/** `name:tag`. */
export function referenceOf(request: ImageRequest): string {
  const container = request.selection.type.container;
  return container === undefined ? `${request.name}:latest` : `${container.name}:${container.tag}`;
}

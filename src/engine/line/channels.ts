import type { ComponentConfig, Project, PublishConfig } from "../define/index.ts";

/** Packages that a definition routes nowhere. */
const unpublished = "none";

/**
 * The channel that publishes a binary package: its own key in the component, then the component's, then its package group's, then the
 * project's default. Undefined where nothing says one, or where one says `none`.
 */
export function channelOf(project: Project, component: string, packageName: string): string | undefined {
  const config = project.components.get(component)?.config;
  const kind = /-debug(?:info|source)$/.test(packageName) ? "debuginfo-channel" : "rpm-channel";
  return firstOf(kind, [
    config?.packages[packageName]?.publish,
    config?.publish,
    project.packageChannels.get(packageName),
    project.defaultPublish,
  ]);
}

/** The channel of a component's source package. */
export function sourceChannelOf(project: Project, component: string): string | undefined {
  const config: ComponentConfig | undefined = project.components.get(component)?.config;
  return firstOf("srpm-channel", [config?.publish, project.defaultPublish]);
}

function firstOf(key: keyof PublishConfig, places: readonly (PublishConfig | undefined)[]): string | undefined {
  for (const place of places) {
    const channel = place?.[key];
    if (channel !== undefined && channel !== "") return channel === unpublished ? undefined : channel;
  }
  return undefined;
}

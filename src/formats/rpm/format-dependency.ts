/** A dependency as rpm prints it: `name`, `name op evr`, or a rich one's whole text. */
export function formatDependency(dependency: {
  readonly name: string;
  readonly op?: string | undefined;
  readonly evr?: string | undefined;
}): string {
  const { name, op, evr } = dependency;
  if (op === undefined) return name;
  return evr === undefined || evr === "" ? `${name} ${op}` : `${name} ${op} ${evr}`;
}

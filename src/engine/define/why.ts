import { type Cell, formatPlace, makeReport, type Report } from "../../core/index.ts";
import { firstLeaf, type InputChange, inputChanges, type InputNode } from "./inputs.ts";

/** What `weir component why` compares; schema `weir/component-why/1`. */
export interface WhyInput {
  readonly name: string;
  /** What the component is now; undefined where the definition no longer has it. */
  readonly after: InputNode | undefined;
  readonly before: InputNode | undefined;
  /** How the earlier state is called: `HEAD`, `v2.0`. */
  readonly since: string;
}

/** Which inputs of a component are not what they were, each with its place: why it has to be rendered and built again. */
export function explainInputs(input: WhyInput): Report {
  const { name, before, after, since } = input;
  const changes = inputChanges(before, after);
  const summary =
    after === undefined
      ? [`${name} is gone since ${since}.`]
      : before === undefined
        ? [`${name} is new since ${since}.`]
        : changes.length === 0
          ? [`Nothing that decides ${name} changed since ${since}.`]
          : [
              `${name} changed since ${since}:`,
              ...changes.slice(0, 20).map((change) => `because ${sentence(change)}.`),
            ];
  const groups = new Set([...(after?.children ?? []), ...(before?.children ?? [])].map((node) => node.name));
  const digestOfGroup = (node: InputNode | undefined, group: string) =>
    node?.children?.find((child) => child.name === group)?.digest.slice(0, 12) ?? "";
  const rows = [...groups].sort().map((group): Cell[] => {
    const old = digestOfGroup(before, group);
    const now = digestOfGroup(after, group);
    return [group, old, now, old !== now];
  });
  return makeReport("component-why", `Inputs of ${name}`, {
    summary,
    tables: [
      ...(before === undefined || after === undefined || changes.length === 0
        ? []
        : [
            {
              id: "changes",
              title: "Changed inputs",
              columns: ["input", "before", "after", "written in", "place"],
              rows: changes.map((change): Cell[] => [
                change.path,
                shown(change.before),
                shown(change.after),
                leafOf(change)?.layer ?? "",
                placeOf(change) ?? "",
              ]),
            },
          ]),
      { id: "inputs", title: "Fingerprint", columns: ["input", "before", "after", "changed"], rows },
    ],
    data: {
      schema: "weir/component-why/1",
      component: name,
      since,
      before: before?.digest ?? null,
      after: after?.digest ?? null,
      changes: changes.map((change) => ({
        input: change.path,
        before: change.before?.value ?? null,
        after: change.after?.value ?? null,
        layer: leafOf(change)?.layer ?? null,
        origin: leafOf(change)?.origin ?? null,
        because: sentence(change),
      })),
      inputs: after ?? null,
    },
  });
}

function sentence(change: InputChange): string {
  const { before, after, path } = change;
  const owner = leafOf(change)?.layer;
  const what = owner === undefined ? path : `${path} of ${owner}`;
  const place = placeOf(change);
  const where = place === undefined ? "" : ` in ${place}`;
  if (before !== undefined && after !== undefined)
    return `${what} changed from ${brief(before)} to ${brief(after)}${where}`;
  return after === undefined
    ? `${what} was removed: ${brief(before)}${where}`
    : `${what} was added: ${brief(after)}${where}`;
}

function leafOf({ before, after }: InputChange): InputNode | undefined {
  return firstLeaf(after ?? before);
}

function placeOf(change: InputChange): string | undefined {
  const origin = leafOf(change)?.origin;
  return origin === undefined ? undefined : formatPlace(origin);
}

function shown(node: InputNode | undefined): string {
  return node === undefined ? "" : brief(node);
}

/** A leaf's value on one line; of a table what its leaves hold. */
function brief(node: InputNode | undefined): string {
  const text = node === undefined ? "" : (node.value ?? leavesOf(node).join(", "));
  const line = text.replaceAll("\n", "⏎");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line === "" ? '""' : line;
}

function leavesOf(node: InputNode): string[] {
  const leaves: string[] = [];
  const walk = (one: InputNode, path: string): void => {
    if (leaves.length >= 20) return;
    if (one.value !== undefined) leaves.push(`${path} = ${one.value}`);
    for (const child of one.children ?? []) walk(child, path === "" ? child.name : `${path}/${child.name}`);
  };
  walk(node, "");
  return leaves;
}

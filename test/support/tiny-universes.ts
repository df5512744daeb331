import fc from "fast-check";
import type { TinyPackage } from "./universe.ts";

const name = fc.constantFrom("a", "b", "c", "d");
const operator = fc.constantFrom("<", "<=", "=", ">=", ">");
const capability = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 1, arbitrary: fc.constant("v") },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.oneof(name, fc.constant("v")), operator, fc.constantFrom("1", "2", "2-1", "3"))
      .map((parts) => parts.join(" ")),
  },
);
const rich = fc.letrec<{ group: string; item: string }>((tie) => ({
  group: fc.oneof(
    fc
      .tuple(tie("item"), fc.constantFrom("and", "or", "if", "unless"), tie("item"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie("item"), fc.constantFrom("if", "unless"), tie("item"), tie("item"))
      .map(([a, op, b, c]) => `(${a} ${op} ${b} else ${c})`),
    fc.tuple(capability, fc.constantFrom("with", "without"), capability).map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
  item: fc.oneof({ maxDepth: 2, withCrossShrink: true }, capability, tie("group")),
})).group;

/** A capability or a rich dependency over few names, as text. */
export const anyDependency = fc.oneof({ weight: 3, arbitrary: capability }, { weight: 1, arbitrary: rich });

/** Requests by name. */
export const nameRequests = fc.uniqueArray(name, { minLength: 1, maxLength: 2 });

/** Up to eight packages of four names with whatever dependencies. `plain`: no Obsoletes, no rich Conflicts. */
export function tinyUniverses(kind: "all" | "plain"): fc.Arbitrary<TinyPackage[]> {
  const line = fc.oneof(
    { weight: 4, arbitrary: anyDependency.map((text) => `requires ${text}`) },
    { weight: 2, arbitrary: (kind === "all" ? anyDependency : capability).map((text) => `conflicts ${text}`) },
    { weight: kind === "all" ? 1 : 0, arbitrary: capability.map((text) => `obsoletes ${text}`) },
    { weight: 1, arbitrary: fc.constantFrom("1", "2", "3").map((version) => `provides v = ${version}`) },
    { weight: 1, arbitrary: fc.constant("provides v") },
    { weight: 1, arbitrary: anyDependency.map((text) => `recommends ${text}`) },
    { weight: 1, arbitrary: anyDependency.map((text) => `supplements ${text}`) },
  );
  return fc
    .uniqueArray(fc.tuple(name, fc.constantFrom("1", "2", "3")), {
      minLength: 1,
      maxLength: 8,
      selector: (item) => item.join("-"),
    })
    .chain((packages) =>
      fc.tuple(
        ...packages.map(([base, version]) =>
          fc.array(line, { maxLength: 4 }).map((lines): TinyPackage => [`${base}-${version}`, ...lines]),
        ),
      ),
    );
}

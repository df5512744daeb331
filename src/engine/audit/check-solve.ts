import { compareText, messageOf, WeirError } from "../../core/index.ts";
import type { Span } from "../../formats/dockerfile/index.ts";
import type { Request } from "./check-packages.ts";
import type { Collector } from "./collector.ts";
import type { AuditOptions } from "./types.ts";

/**
 * Solves what a stage asks for on the target, and reports each problem where its package is asked for. Gives the names of all packages
 * that would be installed, undefined where there is no answer.
 */
export async function checkSolve(
  out: Collector,
  requests: readonly Request[],
  at: Span,
  solve: NonNullable<AuditOptions["solve"]>,
): Promise<ReadonlySet<string> | undefined> {
  const names = [...new Set(requests.map((request) => request.name))].sort(compareText);
  if (names.length === 0) return new Set();
  out.looked("PKG014");
  try {
    const solution = await solve(names);
    for (const { message, chain, hints } of solution.problems) {
      const first = `${chain[0] ?? ""} ${message}`;
      const named = requests.filter((request) => mentions(first, request.name));
      const request = named.sort((a, b) => b.name.length - a.name.length)[0];
      out.finding("PKG014", request?.word.span ?? at, request?.name ?? names.join(" "), message, {
        evidence: chain.map((what) => ({ what })),
        inhibitor: true,
        ...(hints[0] === undefined ? {} : { remedy: hints[0] }),
      });
    }
    return solution.problems.length > 0 ? undefined : new Set(solution.install.map((item) => item.package.name));
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    out.failed("PKG014");
    out.skip(at, names.join(" "), `the request was not solved: ${messageOf(error)}`);
    return undefined;
  }
}

function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w+]/.test(text[at - 1] ?? " ") && !/[\w+]/.test(text[at + name.length] ?? " ")) return true;
  }
  return false;
}

// Reads two repositories and finds an install set for the requests behind them.
import { createSolver } from "../src/engine/solve/index.ts";
import { readRepository } from "../src/formats/rpmmd/index.ts";

const [base = "", app = "", ...install] = process.argv.slice(2);
const repositories = await Promise.all([
  readRepository(base, { id: "baseos" }),
  readRepository(app, { id: "appstream" }),
]);
const solution = createSolver(repositories, "x86_64").solve({ install, weak: true });
console.log(solution.problems.length > 0 ? "no answer" : `${solution.install.length} packages`);

// Reads a repository with its file lists and says what it holds.
import { readRepository } from "../src/formats/rpmmd/index.ts";

const repository = await readRepository(process.argv[2] ?? ".", { filelists: true });
const binary = repository.packages.filter((pkg) => pkg.arch !== "src");
console.log(`${binary.length} packages`);

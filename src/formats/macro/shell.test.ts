import { describe, expect, it } from "vitest";
import { missingTool } from "../../../test/support/tools.ts";
import { run } from "../../core/index.ts";
import { MacroContext } from "./index.ts";

/** Commands as specs write them; all are computed, none is run. */
const computed: readonly string[] = [
  "c=0123456789abcdef; echo ${c:0:7}",
  "echo 6.10.2 | cut -d. -f1-2",
  "echo 1.0~rc1 | cut -d~ -f1",
  "echo 1.0~rc1 | tr '~' '.'",
  "echo '1.2.3~b' | tr -d '~'",
  "echo make4.4 | tr -d .",
  "tr -d . <<< 3.37",
  "echo 1.2.3 | awk -F. '{print $1\".\"$2}'",
  "echo 'a b c' | awk '{print $2, $NF}'",
  'echo "some-name" | sed "s/-/_/g"',
  "echo 1.2.3 | sed 's/\\./_/g'",
  "echo -O2 -g -Wall | sed -e 's/-g /-g1 /' -e 's|-Wall||'",
  "echo 1.2.3 | sed -E 's/([0-9]+)\\.([0-9]+)/\\2.\\1/'",
  "echo 1.2.3 | sed 's/^\\([0-9]*\\).*/<\\1>/'",
  "echo abc | sed 's/b/[&]/'",
  't="F40";echo ${t,,}',
  "v=1.2.3; echo ${v%.*} ${v%%.*} ${v#*.} ${v##*.} ${v//./_} ${v/./-}",
  "v='1 2'; echo \"$v\" x$",
  "printf '%s-%s' a b | tr a-z A-Z",
  "printf %d 12",
  "echo ABC | tr '[:upper:]' '[:lower:]'",
  "echo abcdef | cut -c2-4 | rev",
  "echo a:b:c | cut -d: -f2-",
  "echo nodelimiter | cut -d: -f2",
  'echo "%{x}" | cat',
  "if test 0 -ge 50 ; then\necho unstable\nelse\necho stable\nfi",
  "if [ a = b ]; then echo 1; else echo 2; fi",
  "echo   many    blanks",
  "echo -n x",
  'echo a\\.b \'c d\' "e\\"f"',
];

/** Beyond the subset: each must be a taint. */
const refused: readonly string[] = [
  "date",
  "cat /etc/passwd",
  "echo $(id)",
  "echo `id`",
  "echo $HOME",
  "echo * | cut -d. -f1",
  "echo a > /tmp/x",
  "echo a && echo b",
  "echo a || echo b",
  "echo {a,b}",
  "sed s/a/b/ /etc/passwd",
  "echo a | sed 's/a/b/e'",
  "echo a | sed 's/a/b/w /tmp/x'",
  "echo a | sed -i s/a/b/",
  "echo a | awk '{system(\"id\")}'",
  "echo a | awk 'BEGIN{print 1}'",
  "echo a | xargs rm",
  "echo aaa | sed 's/x*/-/g'",
  "echo ab | sed -E 's/a|ab/x/'",
  "echo a | cut -f",
  "FOO=1 echo a",
  "echo -e 'a\\tb'",
  "echo 'open",
  "eval echo a",
];

describe("commands", () => {
  it.each(computed)("computes %s", (command) => {
    expect(new MacroContext().expandValue(`%(${command})`).taints).toEqual([]);
  });

  const noBash = missingTool("bash");
  it.skipIf(noBash !== undefined)("as bash does", async () => {
    for (const command of computed) {
      const { stdout } = await run("bash", ["-c", command]);
      const expected = stdout.toString().replace(/\n+$/, "");
      expect([command, new MacroContext().expand(`%(${command.replaceAll("%", "%%")})`)]).toEqual([command, expected]);
    }
  });

  it.each(refused)("does not run %s", (command) => {
    const { text, taints } = new MacroContext().expandValue(`%(${command})`);
    expect([text, taints.length]).toEqual(["", 1]);
  });

  it("give a taint or text for whatever is written", () => {
    let state = 7;
    const next = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    const alphabet = "'\"\\$ {}|;<>&*?~`-=sged/.\n";
    for (let i = 0; i < 3000; i++) {
      const chars = [...(computed[next(computed.length)] as string)];
      for (let j = 0; j < 3; j++)
        chars.splice(next(chars.length + 1), next(2), alphabet[next(alphabet.length)] as string);
      const context = new MacroContext();
      context.define("it", `%(${chars.join("").replace(/[()%]|\\$/g, "")})`);
      expect(typeof context.expandValue("%it").text).toBe("string");
    }
  });
});

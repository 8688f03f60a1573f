import type { FakeTable } from "./fake-table.ts";

/** A table as text, in the manner of `nft list table`; elements in the order of their JSON. */
export function dumpTable(table: FakeTable): string {
  const comment = table.comment === undefined ? [] : [`\tcomment "${table.comment}"`];
  return `table inet podwall {\n${[...comment, ...sets(table), ...chains(table)].join("\n")}\n}\n`;
}

function sets(table: FakeTable): string[] {
  return [...table.sets.values()].flatMap((set) => {
    const { kind, name, typeText, flags, timeout, size, counter } = set.declaration;
    const elements = set.elements().map(({ key, value, packets }) => {
      const count = packets === undefined ? "" : ` counter packets ${packets}`;
      return `\t\t\t${key.map(shown).join(" . ")}${count}${value === undefined ? "" : ` : ${shown(value)}`}`;
    });
    return [
      `\t${kind} ${name} {`,
      `\t\t${typeText}`,
      ...(size === undefined ? [] : [`\t\tsize ${size}`]),
      ...(flags.length === 0 ? [] : [`\t\tflags ${flags.join(",")}`]),
      ...(counter ? ["\t\tcounter"] : []),
      ...(timeout === undefined ? [] : [`\t\ttimeout ${timeout}`]),
      ...(elements.length === 0 ? [] : ["\t\telements = {", `${elements.sort().join(",\n")}`, "\t\t}"]),
      "\t}",
    ];
  });
}

function chains(table: FakeTable): string[] {
  return [...table.chains].flatMap(([name, { base, rules }]) => [
    `\tchain ${name} {`,
    ...(base === undefined
      ? []
      : [`\t\ttype ${base.type} hook ${base.hook} priority ${base.priority}; policy ${base.policy};`]),
    ...rules.map(({ text }) => `\t\t${text}`),
    "\t}",
  ]);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

// What the parts of the add-on hand to each other. Ambient: all files share one global scope.

/** A cell: empty is null, a date is the wall clock of the spreadsheet's time zone. */
type Cell = string | number | boolean | null | { iso: string };

/** How one cell reads: a value, or the code of what is wrong, or (both null) nothing. */
interface Reading<Value> {
  value: Value | null;
  problem: string | null;
}

/** Names of a list: every spelling, folded, and the name (or key) that it stands for. */
interface NameList {
  byFolded: Record<string, string>;
  /** Whether a list that is still empty lets every name pass. */
  lenient: boolean;
}

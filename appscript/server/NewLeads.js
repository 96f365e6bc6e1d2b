/** Rows that became leads: they get an id, and the day they came. */
const NewLeads = (() => {
  /** Where people type. What shows there of the tool's, or of their own, makes no row a lead. */
  const TYPED = /** @type {const} */ ([
    'created', 'name', 'phone', 'email', 'company', 'source', 'channel', 'request', 'budget',
    'people', 'days', 'segment', 'status', 'manager', 'next_action', 'next_step', 'comment',
    'amount', 'loss_reason', 'approved_by', 'not_duplicate',
  ]);

  /**
   * The rows that need an id: something is typed in them, and they have none. An unticked box is
   * nothing.
   *
   * @param {readonly Row[]} rows
   * @param {readonly string[]} [keys] the columns in which something typed counts
   */
  function among(rows, keys = TYPED) {
    return rows.filter(({ cells }) => {
      return Tabs.text(cells['id']) === '' && keys.some((key) => (cells[key] ?? false) !== false);
    });
  }

  /**
   * The same after an edit. Where it emptied ids, and nothing stands in all else that it touched,
   * then what is left beside them is the lead that it was: the next refresh gives back its id.
   *
   * @param {readonly Row[]} rows
   * @param {ReadonlySet<string>} touched columns
   */
  function typedNow(rows, touched) {
    return among(rows, touched.has('id') ? TYPED.filter((key) => touched.has(key)) : TYPED);
  }

  /**
   * The rows whose id another row has, too: copies of it that were pasted just now. Where all rows
   * of an id were pasted, the first keeps it.
   *
   * @param {readonly Row[]} rows that were pasted
   * @param {readonly Cell[]} ids the whole column
   */
  function copies(rows, ids) {
    const pasted = new Set(rows.map((each) => each.row));
    const seen = new Set();
    ids.forEach((cell, i) => {
      if (!pasted.has(i + 2)) seen.add(Ids.read(cell));
    });
    return rows.filter(({ cells }) => {
      const id = Ids.read(cells['id']);
      const again = id !== '' && seen.has(id);
      seen.add(id);
      return again;
    });
  }

  /**
   * Give rows their ids in the sheet and, where it is empty, their day. At most three calls.
   *
   * @param {TabAt} tab Leads
   * @param {readonly Row[]} rows a block of it
   * @param {readonly Row[]} fresh those of them that need an id; their cells are changed, too
   * @param {bigint} highest number that was ever given
   * @param {string} today
   */
  function give(tab, rows, fresh, highest, today) {
    fresh.forEach((each, i) => {
      each.cells['id'] = Ids.format(highest + 1n + BigInt(i));
    });
    const [first, last] = [fresh[0]?.row ?? 0, fresh[fresh.length - 1]?.row ?? 0];
    const block = rows.filter(({ row }) => row >= first && row <= last);
    const ids = tab.sheet.getRange(first, tab.columns['id'] ?? 1, block.length, 1);
    ids.setValues(block.map(({ cells }) => [cells['id'] ?? '']));
    const letter = Tabs.letters(tab.columns['created'] ?? 0);
    const undated = fresh.filter(({ cells }) => cells['created'] === null);
    if (letter === '' || undated.length === 0) return;
    tab.sheet.getRangeList(undated.map(({ row }) => `${letter}${row}`)).setValue(today);
    for (const { cells } of undated) cells['created'] = { iso: today };
  }

  return Object.freeze({ among, typedNow, copies, give });
})();

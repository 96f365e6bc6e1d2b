/**
 * The columns of one lead as the owner's rules see them, in any type asked for:
 * sheetsync/crm/scoring/fields.py for one row, and sheetsync/crm/book.py for how each is read.
 */
const Fields = (() => {
  /** What the last refresh counted, and what follows from the source. */
  const COMPUTED = new Set([
    'overdue', 'stage_days', 'pushes', 'source_conversion', 'source_index',
  ]);

  /** What no column holds follows from the source. */
  const MADE_FROM_SOURCE = new Set(['source_conversion', 'source_index']);

  /** How an unticked checkbox compares as text. */
  const UNTICKED = 'false';

  const DAY_IN_MS = 86_400_000;

  /** @type {Record<string, (cell: Cell, as: CellContext) => Reading<any>>} */
  const READERS = {
    created: (cell, as) => Dates.readDate(cell, { ...as.dates, lean: 'past' }),
    next_action: (cell, as) =>
      Dates.readDate(cell, { ...as.dates, anchor: as.created(), lean: 'future' }),
    phone: (cell, as) => Phones.readPhone(cell, as.country),
    email: (cell) => Emails.readEmail(cell),
    budget: (cell, as) => Money.readMoney(cell, as.currency),
    amount: (cell, as) => Money.readMoney(cell, as.currency),
    people: (cell) => Numbers.readNumber(cell),
    days: (cell) => Numbers.readNumber(cell),
    // Not lenient: what a status means stands in the list and nowhere else.
    status: (cell, { model }) => listed(cell, model.status_names, false),
    source: (cell, { model }) => listed(cell, model.sources.names),
    manager: (cell, { model }) => listed(cell, model.team_names),
    approved_by: (cell, { model }) => listed(cell, model.team_names),
    loss_reason: (cell, { model }) => listed(cell, model.reason_names),
    channel: (cell, { model }) => listed(cell, groupOf(model, 'channel').names),
    segment: (cell, { model }) => listed(cell, groupOf(model, 'segment').names),
  };

  /** Columns that hold keys of a group of words; people see and type the words. */
  const GROUPS = new Set(['channel', 'segment']);

  /**
   * @param {Cell} cell
   * @param {Record<string, string>} byFolded
   */
  function listed(cell, byFolded, lenient = true) {
    return Names.matchName(cell, { byFolded, lenient });
  }

  /**
   * @param {Model} model
   * @param {string} group
   */
  function groupOf(model, group) {
    return model.groups[group] ?? { names: {}, shown: {} };
  }

  /**
   * @param {Record<string, number>} numbers
   * @param {string | null} name
   */
  function numberOf(numbers, name) {
    return name !== null && Object.hasOwn(numbers, name) ? (numbers[name] ?? NaN) : NaN;
  }

  /**
   * What a function gives for each key, computed when it is first asked for.
   *
   * @template Value
   * @param {(key: string) => Value} make
   * @returns {(key: string) => Value}
   */
  function remembered(make) {
    /** @type {Map<string, Value>} */
    const known = new Map();
    return (key) => {
      if (!known.has(key)) known.set(key, make(key));
      return /** @type {Value} */ (known.get(key));
    };
  }

  /**
   * @param {ScoredLead} lead
   * @param {Model} model
   * @param {string} today '2026-11-21'
   * @returns {LeadFields}
   */
  function of(lead, model, today) {
    const { settings } = model;
    const country = String(settings.country);
    const currency = String(settings.currency);
    const dates = { dayFirst: settings.date_order === 'dmy', today };
    /** @type {CellContext} */
    const context = { model, country, currency, dates, created: () => read('created').value };

    /** @param {string} key */
    const cellOf = (key) => (Object.hasOwn(lead.cells, key) ? (lead.cells[key] ?? null) : null);

    /** @param {string} key */
    const typeOf = (key) => (Object.hasOwn(model.fields, key) ? model.fields[key] : 'own');

    /** How the cell of a column that the CRM knows reads. */
    const read = remembered((key) => {
      const readAs = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
      const cell = cellOf(key);
      return readAs ? readAs(cell, context) : { value: Texts.textOf(cell), problem: null };
    });

    /** @param {string} key */
    function computed(key) {
      const source = () => /** @type {string | null} */ (read('source').value);
      if (key === 'source_conversion') return numberOf(model.sources.conversion, source());
      if (key === 'source_index') return numberOf(model.sources.index, source());
      const cell = lead.cells[key];
      return typeof cell === 'number' ? cell : NaN;
    }

    /**
     * Numbers and amounts of money as people type them, NaN for anything else.
     *
     * @param {Cell} cell
     */
    function readNumbers(cell) {
      return Numbers.readNumber(cell).value ?? Money.readMoney(cell, currency).value ?? NaN;
    }

    /** A column's number, NaN where there is none; a date is its day, counted on. */
    const numbers = remembered((key) => {
      if (COMPUTED.has(key)) return computed(key);
      const type = typeOf(key);
      if (type === 'number') return Number(read(key).value ?? NaN);
      return type === 'date' ? days(key) : readNumbers(cellOf(key));
    });

    /** A column's date in days since 1970-01-01, NaN where there is none. */
    const days = remembered((key) => {
      const reading =
        typeOf(key) === 'date'
          ? read(key)
          : Dates.readDate(cellOf(key), { ...dates, lean: 'past' });
      return reading.value === null ? NaN : dayNumber(reading.value);
    });

    /** A column's text as people see it, folded; null where there is none. */
    const text = remembered((key) => {
      const shown = textOf(key);
      return shown === null ? null : Texts.fold(shown);
    });

    /**
     * @param {string} key
     * @returns {string | null}
     */
    function textOf(key) {
      if (key === 'id') return lead.id;
      if (COMPUTED.has(key)) {
        const number = computed(key);
        return Number.isNaN(number) ? null : Texts.textOf(number);
      }
      if (typeOf(key) !== 'text') return Texts.textOf(cellOf(key));
      const value = /** @type {string | null} */ (read(key).value);
      if (value === null || !GROUPS.has(key)) return value;
      return groupOf(model, key).shown[value] ?? null;
    }

    /**
     * Whether a column holds something; an unticked checkbox holds nothing.
     *
     * @param {string} key
     */
    function filled(key) {
      if (key === 'id') return true;
      if (COMPUTED.has(key)) return !Number.isNaN(computed(key));
      if (typeOf(key) !== 'own') return read(key).value !== null;
      const typed = text(key);
      return typed !== null && typed !== UNTICKED;
    }

    /**
     * Whether the cell holds something that can't be understood.
     *
     * @param {string} key
     */
    function unreadable(key) {
      const held = heldIn(key);
      return Object.hasOwn(READERS, held) && read(held).problem !== null;
    }

    /** What sorts of junk a cell looks like; null where nothing is typed. */
    const junk = remembered((key) => {
      const cell = cellOf(key);
      if (Texts.textOf(cell) === null) return null;
      const understood = key === 'phone' || key === 'email' ? read(key).value : null;
      return Junk.sortsOf(key, cell, understood, country);
    });

    return { numbers, days, text, filled, unreadable, junk };
  }

  /**
   * The column that a field follows from: itself, where it is one.
   *
   * @param {string} key
   */
  function heldIn(key) {
    return MADE_FROM_SOURCE.has(key) ? 'source' : key;
  }

  /**
   * Days since 1970-01-01 of '2026-11-21'.
   *
   * @param {string} iso
   */
  function dayNumber(iso) {
    return Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY_IN_MS;
  }

  return Object.freeze({ dayNumber, heldIn, of });
})();

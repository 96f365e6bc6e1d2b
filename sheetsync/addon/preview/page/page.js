/**
 * The page around the card: a plain grid that stands for the sheet, the add-on's menu, and what it
 * shows. Texts of cells are only ever put in as text.
 */
(() => {
  'use strict';

  const LOOK_EVERY = 3000; // ms, for a file that another program wrote
  const LONGEST_TOASTS = 4;
  const by = (id) => document.getElementById(id);

  let words = {};
  let tab = 'leads';
  let first = 2;
  let view = null;
  let version = 0;
  let epoch = 0;
  let selected = null; // {tab, row, column}
  let choosing = 0; // selections on their way: until they are there, the server's own is an old one
  let waiting = false; // for the end of typing, before the grid is drawn anew

  // -- asking -------------------------------------------------------------------------------

  async function ask(what, given = {}) {
    let answer;
    try {
      const got = await fetch(what, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(given),
      });
      answer = got.ok ? await got.json() : { told: `HTTP ${got.status}` };
    } catch {
      answer = { told: words.gone ?? 'The preview has ended.' };
    }
    if (what === 'select') choosing -= 1;
    await take(answer);
    return answer;
  }

  /** What any answer may bring, also one that the card got: things to show, a changed sheet. */
  async function take(answer) {
    (answer.shown ?? []).forEach(show);
    if (answer.told) toast('error', '', answer.told);
    if (answer.epoch && answer.epoch !== epoch) epoch = answer.epoch;
    const moved = choosing === 0 && answer.selected && !same(answer.selected, selected);
    if (moved) selected = answer.selected;
    if (answer.words) return; // the first answer: there is no grid yet in which to show anything
    if (answer.view) {
      version = answer.version;
      view = answer.view;
      draw();
    } else if (answer.version && answer.version !== version && view) {
      version = answer.version;
      await load();
    }
    if (moved) await follow();
  }

  const same = (one, other) =>
    other !== null && one.tab === other.tab && one.row === other.row && one.column === other.column;

  const load = () => ask('view', { tab, first });

  /** Bring the selected row in sight. */
  async function follow() {
    if (selected.tab && selected.tab !== tab && by(`tab-${selected.tab}`)) tab = selected.tab;
    const there = view?.tab === tab && view.rows.some((each) => each.row === selected.row);
    if (!there && selected.tab === tab) {
      first = Math.max(2, selected.row - 20);
      await load();
    }
    mark();
    by('grid').querySelector('tr.selected')?.scrollIntoView({ block: 'nearest' });
  }

  // -- showing ------------------------------------------------------------------------------

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) made.setAttribute(name, value === true ? '' : value);
    }
    made.append(...children);
    return made;
  }

  function show({ kind, title, text }) {
    if (kind === 'sidebar') openCard(title);
    else if (kind === 'mail') toast(kind, fill(words.mail, { to: title }), text);
    else toast(kind, title, text);
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

  function toast(kind, title, text) {
    const all = by('toasts');
    const said = title ? `${title}\n${text}` : text;
    // What is wrong again and again is said once.
    if (kind === 'error' && all.lastElementChild?.firstChild.textContent === said) return;
    const close = el('button', { type: 'button', 'aria-label': words.close ?? '×' }, '×');
    const box = el('div', { class: kind }, el('p', {}, said), close);
    close.addEventListener('click', () => box.remove());
    all.append(box);
    while (all.children.length > LONGEST_TOASTS) all.firstChild.remove();
    if (kind !== 'error') setTimeout(() => box.remove(), 12_000);
  }

  function openCard(title) {
    const frame = by('card');
    by('sidebar').hidden = false;
    frame.title = title;
    frame.src = `card?${Date.now()}`;
  }

  function drawMenu(menus) {
    for (const { caption, items } of menus) {
      for (const item of flat(items)) {
        const button = el('button', { type: 'button', title: caption }, item.caption);
        button.addEventListener('click', () => ask('menu', { function: item.run }));
        by('menu').append(button);
      }
    }
  }

  const flat = (items) =>
    items.flatMap((each) => (each.items ? flat(each.items) : each.run ? [each] : []));

  function drawTabs(tabs) {
    for (const { key, title } of tabs) {
      const button = el('button', { type: 'button', role: 'tab', id: `tab-${key}` }, title);
      button.addEventListener('click', () => {
        tab = key;
        first = 2;
        load();
      });
      by('tabs').append(button);
    }
  }

  function draw() {
    // What is being typed is not to be taken away.
    waiting = by('grid').querySelector('td input, td select') !== null;
    if (waiting) return;
    for (const button of by('tabs').children) {
      button.setAttribute('aria-selected', String(button.id === `tab-${tab}`));
    }
    const head = el('tr', {}, el('th', { scope: 'col' }), ...view.columns.map(headOf));
    const body = view.rows.map(({ row, cells }) =>
      el(
        'tr',
        { 'data-row': row },
        el('th', { scope: 'row' }, String(row)),
        ...cells.map((text, place) => cellOf(row, text, place)),
      ),
    );
    const table = el('table', {}, el('thead', {}, head), el('tbody', {}, ...body));
    table.style.width = `${view.columns.reduce((sum, each) => sum + each.width, 44)}px`;
    const left = by('grid').scrollLeft;
    const top = by('grid').scrollTop;
    const isIn = by('grid').contains(document.activeElement);
    by('grid').replaceChildren(table);
    by('grid').scrollTo(left, top);
    drawMore();
    mark();
    if (isIn) by('grid').querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  function headOf(column) {
    const head = el('th', { scope: 'col' }, column.header);
    head.style.width = `${column.width}px`;
    return head;
  }

  function cellOf(row, text, place) {
    const column = view.columns[place];
    const note = view.notes[`${row},${column.number}`];
    const kinds = [];
    if (!column.typed) kinds.push('tool');
    if (note) kinds.push('noted');
    if (['number', 'integer', 'money', 'percent'].includes(column.kind)) kinds.push('number');
    return el(
      'td',
      { class: kinds.join(' ') || null, tabindex: '-1', 'data-place': place, title: note || null },
      text,
    );
  }

  function drawMore() {
    const shown = view.rows.length;
    const from = view.rows[0]?.row ?? 2;
    const parts = [];
    const step = (label, to) => {
      const button = el('button', { type: 'button' }, label);
      button.addEventListener('click', () => {
        first = to;
        load();
      });
      parts.push(button, ' ');
    };
    if (from > 2) step('‹', Math.max(2, from - 200));
    if (from + shown <= view.last) step('›', from + shown);
    const range = { first: from, last: from + shown - 1, all: view.last };
    by('more').replaceChildren(...parts, fill(words.rows, range));
  }

  /** Show where the selection is, and the note of its cell. */
  function mark() {
    by('grid').querySelectorAll('.selected').forEach((each) => each.classList.remove('selected'));
    by('grid').querySelectorAll('[tabindex="0"]').forEach((each) => (each.tabIndex = -1));
    by('cell').textContent = '';
    const entry = by('grid').querySelector('td'); // where Tab comes in
    if (!selected || selected.tab !== tab) {
      if (entry) entry.tabIndex = 0;
      return;
    }
    const line = by('grid').querySelector(`tr[data-row="${selected.row}"]`);
    line?.classList.add('selected');
    const place = view.columns.findIndex((each) => each.number === selected.column);
    const cell = line?.children[place + 1];
    cell?.classList.add('selected');
    (cell ?? entry ?? {}).tabIndex = 0;
    by('cell').textContent = view.notes[`${selected.row},${selected.column}`] ?? '';
  }

  // -- typing -------------------------------------------------------------------------------

  const placeOf = (cell) => ({
    row: Number(cell.parentElement.dataset.row),
    column: view.columns[Number(cell.dataset.place)],
  });

  function choose(cell) {
    const { row, column } = placeOf(cell);
    const now = { tab, row, column: column.number };
    if (!same(now, selected)) {
      selected = now;
      choosing += 1;
      ask('select', now);
    }
    mark();
    cell.focus({ preventScroll: true });
  }

  /** Open the editor of a cell: a list where there is one to choose from, or a line to type in. */
  function edit(cell, text = null) {
    const { row, column } = placeOf(cell);
    const before = cell.textContent;
    if (!column.typed) {
      toast('toast', '', words.not_yours);
      return;
    }
    if (column.kind === 'checkbox') {
      commit(row, column, before ? '' : '✓');
      return;
    }
    const list = column.options.length > 0 && text === null;
    const editor = list ? choice(column.options, before) : el('input', { type: 'text' });
    editor.setAttribute('aria-label', column.header);
    if (!list) editor.value = text ?? before;
    let done = false;
    const finish = (keep, stays = true) => {
      if (done) return;
      done = true;
      cell.textContent = keep ? editor.value : before;
      if (stays) cell.focus({ preventScroll: true });
      if (keep && editor.value !== before) commit(row, column, editor.value);
      else if (waiting) draw();
    };
    editor.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') finish(true);
      if (event.key === 'Escape') finish(false);
    });
    editor.addEventListener('blur', () => finish(true, false)); // on the way to somewhere else
    if (list) editor.addEventListener('change', () => finish(true));
    cell.replaceChildren(editor);
    editor.focus();
  }

  function choice(options, now) {
    const all = ['', ...(now && !options.includes(now) ? [now] : []), ...options];
    const made = el('select', {}, ...all.map((each) => el('option', { value: each }, each)));
    made.value = now;
    return made;
  }

  async function commit(row, column, text) {
    await ask('type', { tab, row, column: column.number, text, epoch });
    await load();
  }

  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function key(event) {
    const cell = event.target.closest('td');
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      const lines = [...cell.parentElement.parentElement.children];
      const line = lines[lines.indexOf(cell.parentElement) + step[0]];
      const next = line?.children[Number(cell.dataset.place) + 1 + step[1]];
      if (next?.matches('td')) choose(next);
    } else if (event.key === 'Enter' || event.key === 'F2') edit(cell);
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      const { row, column } = placeOf(cell);
      if (column.typed) commit(row, column, '');
    } else if (event.key.length === 1) edit(cell, event.key);
    else return;
    event.preventDefault();
  }

  // -- beginning ----------------------------------------------------------------------------

  async function start() {
    const told = await ask('start');
    if (!told.tabs) return;
    words = told.words;
    document.documentElement.lang = told.lang;
    document.title = `${told.title} · sheetsync`;
    by('title').textContent = told.title;
    by('person').textContent = fill(words.person, { name: told.person });
    by('sidebar').hidden = true;
    drawTabs(told.tabs);
    drawMenu(told.menu);
    await load();
    if (selected) {
      await follow(); // a second page on the same preview
    } else {
      const cell = by('grid').querySelector('tbody td');
      if (cell) choose(cell);
    }
    const items = told.menu.flatMap((each) => flat(each.items));
    if (items.some((each) => each.run === 'menuCard')) await ask('menu', { function: 'menuCard' });
    setInterval(() => document.hidden || ask('look'), LOOK_EVERY);
  }

  by('grid').addEventListener('click', (event) => {
    const cell = event.target.closest('td');
    if (cell && event.target === cell) choose(cell);
  });
  by('grid').addEventListener('dblclick', (event) => {
    if (event.target.matches('td')) edit(event.target);
  });
  by('grid').addEventListener('keydown', key);
  addEventListener('message', (event) => {
    if (event.origin !== location.origin || event.data?.from !== 'card') return;
    if (event.data.close) by('sidebar').hidden = true;
    else take({ ...event.data.answer, told: undefined });
  });
  start();
})();

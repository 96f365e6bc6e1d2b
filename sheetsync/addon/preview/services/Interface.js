/** What scripts show: toasts, menus, dialogs, the sidebar; and the HTML that goes into it. */
const Interface = (() => {
  const Button = Strict.enumeration('Button', ['CLOSE', 'OK', 'CANCEL', 'YES', 'NO']);
  const ButtonSet = Strict.enumeration('ButtonSet', [
    'OK',
    'OK_CANCEL',
    'YES_NO',
    'YES_NO_CANCEL',
  ]);
  let events = [];

  const note = (event) => events.push(event);

  class Menu {
    constructor(caption) {
      this.caption = caption;
      this.items = [];
    }
    addItem(caption, run) {
      return this.add({ caption, run });
    }
    addSeparator() {
      return this.add({ separator: true });
    }
    addSubMenu(menu) {
      return this.add({ caption: menu.caption, items: menu.items });
    }
    addToUi() {
      note({ kind: 'menu', caption: this.caption, items: this.items });
    }
    add(item) {
      this.items.push(item);
      return this;
    }
  }

  class PromptResponse {
    constructor(given) {
      this.given = given;
    }
    getResponseText() {
      return this.given.text ?? '';
    }
    getSelectedButton() {
      return Button[this.given.button ?? 'OK'];
    }
  }

  /** What the person answers to the next question: the session has the answers ready. */
  function answer(event) {
    note(event);
    return (Access.session().answers ?? []).shift() ?? {};
  }

  /** The words of an alert or prompt: (text), (text, buttons) or (title, text, buttons). */
  function question(kind, args) {
    const [title, text, buttons] = args.length === 3 ? args : ['', args[0], args[1]];
    return { kind, title, text, buttons: String(buttons ?? ButtonSet.OK) };
  }

  class Ui {
    alert(...args) {
      return Button[answer(question('alert', args)).button ?? 'OK'];
    }
    prompt(...args) {
      return new PromptResponse(answer(question('prompt', args)));
    }
    createMenu(caption) {
      return new Menu(caption);
    }
    createAddonMenu() {
      return new Menu('');
    }
    showSidebar(page) {
      note({ kind: 'sidebar', title: page.title, html: page.html });
    }
    showModalDialog(page, title) {
      note({ kind: 'dialog', title, html: page.html });
    }
    showModelessDialog(page, title) {
      note({ kind: 'dialog', title, html: page.html });
    }
  }

  /** The user interface; a script that the clock started has none. */
  function ui() {
    if (Access.session().trigger === 'installable') {
      throw new Error('Cannot call SpreadsheetApp.getUi() from this context.');
    }
    return new Ui();
  }

  class HtmlOutput {
    constructor(html) {
      this.html = html;
      this.title = '';
    }
    append(html) {
      return this.change({ html: this.html + html });
    }
    getContent() {
      return this.html;
    }
    setContent(html) {
      return this.change({ html });
    }
    getTitle() {
      return this.title;
    }
    setTitle(title) {
      return this.change({ title });
    }
    setWidth() {
      return this; // a sidebar has 300 px, whatever it is told
    }
    change(values) {
      return Object.assign(this, values);
    }
  }

  class HtmlService {
    createHtmlOutput(html = '') {
      return new HtmlOutput(html);
    }
    createHtmlOutputFromFile(name) {
      const files = Access.session().files ?? {};
      const found = files[name] ?? files[`${name}.html`];
      if (found === undefined) throw new Error(`No HTML file named ${name} was found.`);
      return new HtmlOutput(found);
    }
  }

  Strict.describe(Menu, 'Menu', {
    addItem: 'string string',
    addSeparator: '',
    addSubMenu: 'Menu',
    addToUi: '',
  });
  Strict.describe(PromptResponse, 'PromptResponse', {
    getResponseText: '',
    getSelectedButton: '',
  });
  const asked = 'string | string ButtonSet | string string ButtonSet';
  Strict.describe(
    Ui,
    'Ui',
    {
      alert: asked,
      createAddonMenu: '',
      createMenu: 'string',
      prompt: asked,
      showModalDialog: 'HtmlOutput string',
      showModelessDialog: 'HtmlOutput string',
      showSidebar: 'HtmlOutput',
    },
    { Button, ButtonSet },
  );
  Strict.describe(HtmlOutput, 'HtmlService.HtmlOutput', {
    append: 'string',
    getContent: '',
    getTitle: '',
    setContent: 'string',
    setTitle: 'string',
    setWidth: 'int',
  });
  Strict.describe(HtmlService, 'HtmlService', {
    createHtmlOutput: ' | string',
    createHtmlOutputFromFile: 'string',
  });

  return Object.freeze({
    html: Strict.give(new HtmlService()),
    note,
    ui,
    events: () => events,
    forget: () => (events = []),
  });
})();

/** The day's report as a mail: plain text, and the same as HTML. */
const DigestMail = (() => {
  const MOST = 50;

  /**
   * @param {ReturnType<typeof DayReport.read>} report
   * @param {string} recipient by name: nobody is told of tasks of their own
   * @param {{ title: string, url: string, today: string }} about the spreadsheet
   * @returns {{ subject: string, body: string, htmlBody: string } | null} null: nothing to tell
   */
  function write(report, recipient, { title, url, today }) {
    const day = Words.day(today);
    const sections = /** @type {const} */ (['escalated', 'proposed', 'owed'])
      .map((key) => ({
        title: Words.say(`digest.${key}`),
        lines: report[key].filter((line) => key !== 'escalated' || line.manager !== recipient),
      }))
      .filter((section) => section.lines.length > 0);
    if (sections.length === 0) return null;
    const why = Words.say('digest.why', { title });
    return {
      subject: Words.say('digest.subject', { title, day }),
      body: [...sections.map(plain), `${why}\n${url}`].join('\n\n'),
      htmlBody: [...sections.map(html), footer(why, url)].join('\n'),
    };
  }

  /** @param {{ title: string, lines: readonly ReportLine[] }} section */
  function plain({ title, lines }) {
    const shown = lines
      .slice(0, MOST)
      .map((line) => `- ${named(line)}: ${line.says}\n  ${line.url}`);
    return [`${title} (${lines.length})`, ...shown, ...rest(lines)].join('\n');
  }

  /** @param {{ title: string, lines: readonly ReportLine[] }} section */
  function html({ title, lines }) {
    const shown = lines.slice(0, MOST).map((line) => {
      return `<li>${linked(named(line), line.url)}: ${Safe.html(line.says)}</li>`;
    });
    const more = rest(lines).map((text) => `<li>${Safe.html(text)}</li>`);
    const list = [...shown, ...more].join('\n');
    return `<h3>${Safe.html(title)} (${lines.length})</h3>\n<ul>\n${list}\n</ul>`;
  }

  /** @param {readonly ReportLine[]} lines */
  function rest(lines) {
    return lines.length > MOST ? [Words.say('digest.more', { n: lines.length - MOST })] : [];
  }

  /** @param {ReportLine} line */
  function named({ id, name, manager }) {
    return [name, id, manager ?? Words.say('digest.nobody')].filter(Boolean).join(', ');
  }

  /**
   * @param {string} text
   * @param {string} address
   */
  function linked(text, address) {
    const link = Safe.link(address);
    return link === null ? Safe.html(text) : `<a href="${Safe.html(link)}">${Safe.html(text)}</a>`;
  }

  /**
   * @param {string} why
   * @param {string} url
   */
  function footer(why, url) {
    return `<p>${linked(why, url)}</p>`;
  }

  return Object.freeze({ write });
})();

// What the parts of the add-on hand to each other. Ambient: all files share one global scope.

/** A cell: empty is null, a date is the wall clock of the spreadsheet's time zone. */
type Cell = string | number | boolean | null | { iso: string };

/** How one cell reads: a value, or the code of what is wrong, or (both null) nothing. */
interface Reading<Value> {
  value: Value | null;
  problem: string | null;
}

/** How dates are read (shared/Dates.js). */
interface DateOptions {
  /** How 5/11 reads: 5 November, or May 11. Points are always day first. */
  dayFirst: boolean;
  /** '2026-11-21' */
  today: string;
  /** Where a day without a year is looked for in a column about the future; else nearest today. */
  anchor?: string | null;
  lean: 'past' | 'future';
}

/** Names of a list: every spelling, folded, and the name (or key) that it stands for. */
interface NameList {
  byFolded: Record<string, string>;
  /** Whether a list that is still empty lets every name pass. */
  lenient: boolean;
}

/** A text of people; one that depends on a number `n` has a form for each plural category. */
type Message = string | { one: string; few?: string; many?: string; other: string };

/** What `sheetsync addon build` knew of the workbook: the contents of Config.js. */
interface Config {
  /** The version of sheetsync that built it. */
  version: string;
  /** The version of the sheet's layout at that time. */
  layout: string;
  lang: 'en' | 'ru';
  /** The kind of shop: general, travel, b2b, shop, property. */
  kind: string;
  timeZone: string;
  /** Titles and headers as they were, by key: words for messages, never an address. */
  tabs: Record<string, { title: string; columns: Record<string, string> }>;
  /** When the day's report goes out by mail; null where the add-on may not send any. */
  digest: { hour: number } | null;
  /** Every text of the add-on, by key. */
  messages: Record<string, Message>;
}

/** A line of History: the lead went from one status to another. */
interface HistoryLine {
  /** Wall clock of the spreadsheet, '2026-11-21T09:30:00'; null where the cell is no date. */
  at: string | null;
  from: string;
  to: string;
  by: string;
  comment: string;
  via: string;
}

/** A row of Leads as the card gets it. */
interface Lead {
  id: string;
  row: number;
  /**
   * By key of the column, what the last refresh wrote there among them; a column that the owner
   * added is 'own:Header'.
   */
  cells: Record<string, Cell>;
  /** By id of the step; a step that is not there is not ticked. */
  checks: Record<string, boolean>;
  /** Newest first, not all of a long one. */
  history: HistoryLine[];
  /** Every status that the whole log names. */
  visited?: readonly string[];
  /** What the add-on asks the operator to explain in the comment; null for nothing. */
  asks?: string | null;
  /** The status as Statuses spells it; null where the cell has none or one it does not know. */
  status: string | null;
  kind: string | null;
  phone: { e164: string; text: string } | null;
  email: string | null;
  /** Changes whenever anything else in here does. */
  stamp: string;
  mayEdit: boolean;
}

/** Who has the card open; name and role as Team has them. */
interface Operator {
  email: string;
  name: string | null;
  role: string | null;
}

/** Why something can't be done, in a sentence; `gone`: the lead is not in the sheet any more. */
interface Refusal {
  ok: false;
  told: string;
  gone?: boolean;
  conflict?: boolean;
}

interface CardOpened {
  ok: true;
  lead: Lead | null;
  model: Model;
  me: Operator;
  /** '2026-11-21' */
  today: string;
  page: 'card' | 'today' | 'script' | 'check';
}

type CardFollowed = { ok: true; same: true } | { ok: true; same?: false; lead: Lead | null };

/** What the card wants to have written. */
interface CardChange {
  id: string;
  /** What the card showed for the changed keys: another value in the sheet is a conflict. */
  base: Record<string, Cell>;
  changes: Record<string, Cell>;
  checks: Record<string, boolean>;
  /** What explains the change, for the line of History that this save writes. */
  comment: string | null;
}

interface CardSaved {
  ok: true;
  lead: Lead;
  told: string[];
}

/** Nothing was written; `lead` is how it stands in the sheet now. */
interface CardConflict {
  ok: false;
  conflict: true;
  lead: Lead;
  told: string;
}

interface TodayRow {
  lead: string;
  name: string | null;
  phone: string | null;
  manager: string | null;
  action: string | null;
  reason: string | null;
  score: number | null;
}

interface CardToday {
  ok: true;
  rows: TodayRow[];
}

interface Finding {
  level: 'good' | 'warning' | 'bad';
  text: string;
  /** A range with its tab, to go to. */
  go: string | null;
}

interface CardChecked {
  ok: true;
  findings: Finding[];
}

// What a refresh published for the add-on (sheetsync/crm/published.py), and scores by it.

/** Every setting by key, as the owner has it or by default. */
type Settings = Record<string, string | number | null>;

/** Spellings of a list or of a group of words, folded -> the name, or the key of the word. */
type Spellings = Record<string, string>;

interface StatusRow {
  name: string;
  kind: string | null;
  order: number;
  days_allowed: number | null;
  may_skip: boolean;
  needs_comment: boolean;
  needs_approval: boolean;
  parks: boolean;
}

interface StepRow {
  id: string;
  step: string;
  /** The status before which it has to be done; null: before the lead is closed. */
  before: string | null;
  deadline: number | null;
  required: boolean;
}

interface ScriptPage {
  name: string;
  group: 'talk' | 'objection';
  /** The status at which the page opens. */
  status: string | null;
  say: string | null;
  /** Names of the pages that may come next. */
  next: string[];
}

interface Model {
  about: { layout: string; lang: 'en' | 'ru' };
  settings: Settings;
  /** In the order of the stages. */
  statuses: StatusRow[];
  status_names: Spellings;
  sources: {
    names: Spellings;
    /** By name, without those that nobody came from: expected conversion, and by the average. */
    conversion: Record<string, number>;
    index: Record<string, number>;
  };
  team: { name: string; email: string | null; role: string | null }[];
  team_names: Spellings;
  reasons: string[];
  reason_names: Spellings;
  groups: Record<string, { names: Spellings; shown: Record<string, string> }>;
  steps: StepRow[];
  /** Columns of Leads that rules know, and what is made from them -> type. */
  fields: Record<string, FieldType>;
  /** The same keys -> header as it stands. */
  headers: Record<string, string>;
  /** In the order in which reasons are told. */
  rules: ScoringRule[];
  script: ScriptPage[];
  /** Days off as deadlines count them, none where they count calendar days; 0 is Monday. */
  weekend: number[];
  holidays: string[];
  /** Days of a weekend that are working days. */
  worked: string[];
}

type FieldType = 'number' | 'date' | 'text' | 'own';

type ArithmeticTree =
  | { number: number }
  | { name: string }
  | { negative: ArithmeticTree }
  | { sign: string; left: ArithmeticTree; right: ArithmeticTree };

interface ScoringRule {
  id: string;
  row: number;
  group: string | null;
  /** A column by its key, or (key null) an arithmetic of columns. */
  subject: { key: string | null; label: string; tree: ArithmeticTree };
  condition: string;
  /** In every type that the field may be compared in; a bound that is open is null. */
  operands: {
    texts: string[];
    numbers: (number | null)[];
    days: (number | null)[];
    junk: string[];
  };
  /** In millionths. */
  points: number;
  /** False where the rule is off, or has switched itself off. */
  gives: boolean;
  on: boolean;
  text: string;
  reason: string;
}

/** As much of a lead as its score needs. */
type ScoredLead = Pick<Lead, 'id' | 'cells' | 'kind'>;

/** One lead's columns, by key. */
interface LeadFields {
  numbers(key: string): number;
  days(key: string): number;
  text(key: string): string | null;
  filled(key: string): boolean;
  unreadable(key: string): boolean;
  junk(key: string): string[] | null;
}

/** What reading a cell of a lead depends on. */
interface CellContext {
  model: Model;
  country: string;
  currency: string;
  dates: { dayFirst: boolean; today: string };
  /** The day the lead came, if that is known. */
  created(): string | null;
}

interface Verdict {
  known: boolean;
  matched: boolean;
}

type Tier = 'a' | 'b' | 'c' | 'spam';

interface UnknownRule {
  rule: string;
  /** The column to fill or mend, and its header. */
  column: string;
  title: string;
  why: 'empty' | 'unreadable' | 'unusable';
}

interface Score {
  /** Null while no rule is on. */
  score: number | null;
  tier: Tier | null;
  /** What the owner calls the tier. */
  tierName: string | null;
  /** What is to be done; null for a lead that is closed. */
  handling: string | null;
  /** Keys, the gravest first: junk, competitor, price_shopper. */
  marks: string[];
  why: string | null;
  /** The rules that give the lead points. */
  lines: { rule: string; group: string | null; points: number; text: string }[];
  /** The rules that are on and can't tell, as they stand in the sheet. */
  unknown: UnknownRule[];
}

// Phones and junk: tables that sheetsync/addon/data.py makes, and what is read by them.

/** A cell with a phone. */
interface PhoneReading extends Reading<string> {
  /** What to type instead, where there is an idea. */
  hint: string | null;
}

/** A number that was parsed: possible, impossible, valid or not. */
interface PhoneNumber {
  /** Of the country. */
  code: number;
  /** The digits behind it, leading zeros as well. */
  national: string;
  /** '' for none. */
  extension: string;
  source: PhoneSource;
}

/** What told the country: a plus, what people dial before a code, the code alone, or nothing. */
type PhoneSource = 'plus' | 'idd' | 'code' | 'home';

/** A number on its way to be parsed. */
interface PhoneParts {
  plan: PhonePlan;
  national: string;
  source: PhoneSource;
}

/** How many digits a number has: `local` lacks its area code, `between` is between two lengths. */
type PhoneLength = 'possible' | 'local' | 'too_short' | 'too_long' | 'between';

interface PhoneCandidate {
  /** In the text that was searched. */
  start: number;
  text: string;
}

/** The numbering plan of a country, or of a calling code that is no country's. */
interface PhonePlan {
  code: number;
  /** Digits of an ordinary number, without the code; 0 where none is known. */
  usual: number;
  /** What people dial before the code of another country. */
  idd: RegExp | null;
  /** What is in front of a number within the country, and what stands for it elsewhere. */
  prefix: RegExp | null;
  transform: string;
  /** How numbers begin that tell this country from others with its code. */
  leading: RegExp | null;
  /** '' for none. */
  trunk: string;
  /** What is written before an extension. */
  extension: string;
  general: PhoneType;
  /** Lengths of numbers that can be dialled within an area only. */
  local: number[];
  types: PhoneType[];
  formats: PhoneFormat[];
  /** Where people of other countries write the number in another way. */
  international: PhoneFormat[];
}

interface PhoneType {
  pattern: RegExp;
  lengths: number[];
}

interface PhoneFormat {
  pattern: RegExp;
  leading: RegExp | null;
  /** The number, as a replacement for the pattern. */
  shown: string;
  /** Whether people of the country always write its trunk prefix in front. */
  withTrunk: boolean;
}

/** Fields of PhonePlan in their order; all but code and usual are places in PhoneData.texts. */
type PackedPlan = [
  code: number,
  usual: number,
  idd: number,
  prefix: number,
  transform: number,
  leading: number,
  trunk: number,
  extension: number,
  general: number,
  lengths: number,
  local: number,
  types: number[],
  formats: PackedFormat[],
  international: PackedFormat[],
];

type PackedFormat = [pattern: number, leading: number, shown: number, withTrunk: number];

interface PhoneData {
  /** Calling code -> regions that share it, the main one first. */
  codes: Record<string, string>;
  /** By region, or by a code that is no country's. */
  plans: Record<string, PackedPlan>;
  /** The first is ''. In patterns d is a digit. */
  texts: string[];
}

type JunkAlphabet = 'latin' | 'cyrillic';

/** Lists of words.toml (sheetsync/crm/junk), the words of each apart by spaces. */
type JunkLists =
  | 'test'
  | 'test_beside'
  | 'nickname'
  | 'piece'
  | 'boast'
  | 'short_name'
  | 'no_company'
  | 'no_mailbox'
  | 'a_mailbox'
  | 'relay'
  | 'numbered_mail'
  | 'public_mail'
  | 'legal_form'
  | 'private';

interface JunkData {
  alphabets: Record<JunkAlphabet, string>;
  /** Of the stored logarithms. [nat] */
  step: number;
  /** The share of letters that follow no rule. */
  odd: number;
  /** How much a letter costs after two others: bytes in base64. */
  costs: Record<JunkAlphabet, string>;
  words: Record<JunkLists, string>;
  /** Packed as JunkWords unpacks them. */
  firstNames: string;
  /** Domains, their labels the last first. */
  disposable: string;
}

/** Stands in the card's page only: on the server nothing that needs it is called. */
declare const JUNK_DATA: Readonly<JunkData>;

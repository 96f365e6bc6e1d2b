// What the generated files of a built add-on define. Only for checking the source, where these files
// are not there; a built folder is checked with the real ones.

declare const CONFIG: Config;
declare const PHONE_DATA: Readonly<PhoneData>;

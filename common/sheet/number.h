/* number.h: the numbers of spreadsheet files as their owners saw them, and days counted from an epoch as dates. Private
 * to sheet/. */
#ifndef TRIBUTARY_SHEET_NUMBER_H
#define TRIBUTARY_SHEET_NUMBER_H

#include <stdbool.h>

enum { NUMBER_TEXT_SIZE = 64 };

/* Writes a number as spreadsheet files hold it ("12.50", "1.2E+3", "0.30000000000000004") the way it is shown: no
 * exponent, no fraction of nothing but zeros, and at most 15 significant digits where there is a fraction or an exponent,
 * because further ones are the noise of binary floating point. The point is moved `shift` places to the right (2 for per
 * cent). False if the text is no number or would become longer than fits. */
bool number_settle(const char *text, int shift, char ret_text[static NUMBER_TEXT_SIZE]);

/* Writes the date and, where there is one, the time ("2024-04-30", "2024-04-30 12:00:00", "12:00:00") for a count of
 * days since the end of 1899 (with the day that spreadsheets insert, 1900-02-29, left out of the calendar) or since
 * 1904-01-01; a day of the first thousand years as one of the Republic, see show_iso_date(). False if there is no such
 * date. */
bool serial_to_date(const char *text, bool from_1904, char ret_text[static NUMBER_TEXT_SIZE]);

/* Writes a count of days as hours: "36:30". False if it is none. */
bool serial_to_hours(const char *text, char ret_text[static NUMBER_TEXT_SIZE]);

/* "2024-04-30T12:00:00.5" as "2024-04-30 12:00:00", the time left out at midnight: changed in place. A day of the first
 * thousand years was typed as one of the Republic: "0113-04-29", shown as 0113/4/30, is 2024-04-30. */
const char *show_iso_date(char *date);

#endif

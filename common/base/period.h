/* period.h: ROC years, quarters, plan periods and calendar dates. ROC year = AD year - 1911. */
#ifndef TRIBUTARY_BASE_PERIOD_H
#define TRIBUTARY_BASE_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROC_EPOCH = 1911, PERIOD_TEXT_SIZE = 16, DATE_TEXT_SIZE = 16, TIMESTAMP_TEXT_SIZE = 32 };

enum period_kind { PERIOD_YEAR, PERIOD_QUARTER, PERIOD_PLAN };

/* year: ROC, 0 for PERIOD_PLAN; quarter: 1 to 4, 0 otherwise. */
struct period {
    enum period_kind kind;
    int year, quarter;
};

/* Gregorian; month and day from 1. */
struct date {
    int year, month, day;
};

/* Reads "113", "113Q2" or "plan". */
bool period_parse(const char *text, struct period *ret_period);
void period_format(struct period period, char ret_text[static PERIOD_TEXT_SIZE]);

/* First and last day of a year or quarter. False for PERIOD_PLAN. */
bool period_bounds(struct period period, struct date *ret_first, struct date *ret_last);

bool date_is_valid(struct date date);

/* Reads "2024-05-02" only. */
bool date_parse_iso(const char *text, struct date *ret_date);

/* Reads the habits of domain.md 9 too: 113/4/30, 113.4.30, 113-04-30, 1130430, 113年4月30日, 民國113年4月30日,
 * 2024/4/30, 20240430. Digits are ASCII (full-width ones are folded before). */
bool date_parse_habit(const char *text, struct date *ret_date);

void date_format_iso(struct date date, char ret_text[static DATE_TEXT_SIZE]);
int date_compare(struct date a, struct date b);

/* Days since 1970-01-01, and back. */
int64_t date_to_days(struct date date);
struct date date_from_days(int64_t days);

/* Microseconds since 1970-01-01T00:00:00Z, UTC. */
typedef int64_t timestamp;

/* Reads RFC 3339 ("2024-05-02T03:04:05.000001Z", any offset, up to 6 decimals kept exactly; more are refused). */
bool timestamp_parse(const char *text, timestamp *ret_time);

/* Writes UTC with six decimals and Z. */
void timestamp_format(timestamp time, char ret_text[static TIMESTAMP_TEXT_SIZE]);

#endif

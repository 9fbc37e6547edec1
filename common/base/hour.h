/* hour.h: a time of the day, as people write it. */
#ifndef TRIBUTARY_BASE_HOUR_H
#define TRIBUTARY_BASE_HOUR_H

#include <stdbool.h>

enum { HOUR_TEXT_SIZE = sizeof "14:00" };

/* Reads a time of the day and writes it as "14:00": 9:30, 1400, 14時, 14點30分, 下午2點半, 下午兩點, 上午 9:30, 中午12時,
 * 晚上7點, 2pm, 2:30 PM. Digits and colons may be full-width, blanks are overlooked. False, with `ret_hour` untouched, for
 * what is no time of the day, and where it isn't said which half of the day is meant: 2點, 2:30, 上午12時, 晚上12點. */
bool hour_parse_habit(const char *text, char ret_hour[static HOUR_TEXT_SIZE]);

#endif

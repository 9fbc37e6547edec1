/* time_options.h: years, past moments and hours as a person names them. */
#ifndef TRIBUTARY_CLIENT_TIME_OPTIONS_H
#define TRIBUTARY_CLIENT_TIME_OPTIONS_H

#include "client.h"

/* Puts in place of what these options say, for whatever command they are given to,
 *   --as-of   of a day (115.11.1, 2026-11-01) its last moment where the plan is at home, of a minute of it ("115.11.1 14:30")
 *             that minute's; a moment stays as it is
 *   --year    of a year of four figures (2026) that of the Republic, of 民國115年 its figures; what is no year stays, for the
 *             command to judge
 *   --begins, --ends   of a time of the day (下午2點, 2 pm) its hour and minutes (14:00)
 * Any status but EXIT_DONE has been explained. */
enum exit_status time_options_resolve(struct client *client);

#endif

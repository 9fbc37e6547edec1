/* offices.h: an office as a person names it. */
#ifndef TRIBUTARY_CLIENT_OFFICES_H
#define TRIBUTARY_CLIENT_OFFICES_H

#include "client.h"
#include "plan/plan.h"

/* The code of the office that is meant: by its code or its name in either language, with or without the city's
 * ("桃園市龜山區公所", "Guishan District Office, Taoyuan City"), or by a beginning of two characters or more that only one
 * office's name has ("龜山", "Guishan"). NULL: there is none, or several. Belongs to the plan. */
const char *office_meant(const struct plan *plan, const char *text);

/* Of "龜山區公所民政課" the office, and where the rest begins: its own part. NULL if it doesn't begin with an office's name, or
 * is nothing more. */
const char *office_leading(const struct plan *plan, const char *text, const char **ret_rest);

/* The option --office as the contract wants it: the code of the office that is meant; a text that means none is left to the
 * server, which refuses it. NULL without the option. Asks the server for the plan if there is none on this machine. */
const char *office_option(struct client *client);

#endif

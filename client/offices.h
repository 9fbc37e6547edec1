/* offices.h: an office as a person names it. */
#ifndef TRIBUTARY_CLIENT_OFFICES_H
#define TRIBUTARY_CLIENT_OFFICES_H

#include "client.h"
#include "plan/plan.h"

/* The code of the office that is meant: by its code or its name in either language, with or without the city's
 * ("桃園市龜山區公所", "Guishan District Office, Taoyuan City"), or by a beginning of two characters or more that only one
 * office's name has ("龜山", "Guishan"). NULL: there is none, or several. Belongs to the plan. */
const char *office_meant(const struct plan *plan, const char *text);

/* Of "龜山區公所民政課" the office, and where the rest begins: its own section. NULL if it doesn't begin with an office's name, or
 * what follows is no section of an office: 課, 室, 科, 隊, 所, 中心. */
const char *office_leading(const struct plan *plan, const char *text, const char **ret_rest);

/* The name of the only office that is called so but for one Chinese character ("中歷區公所": 中壢區公所); NULL: none, or several. */
const char *office_like(const struct plan *plan, const char *text, enum language language);

/* Puts the code of the office that --office means in its place, for whatever command it is given to; a number stays as it is.
 * Asks the server for the plan if there is none on this machine. Any status but EXIT_DONE has been explained. */
enum exit_status offices_resolve(struct client *client);

#endif

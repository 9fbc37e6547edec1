/* reset_page.h: the page behind a reset link, for who opens it in a browser. Private to api/. */
#ifndef TRIBUTARY_API_RESET_PAGE_H
#define TRIBUTARY_API_RESET_PAGE_H

#include "http/request.h"

/* Whether the body comes from the page's form. */
bool reset_form_was_sent(const struct request *request);

/* The new password of the form, in the arena. NULL: a page that says what is wrong is replied. */
const char *reset_form_read(struct request *request);

enum reset_page { RESET_ASKS, RESET_DIFFERS, RESET_WEAK, RESET_GONE, RESET_DONE };

enum step_result reply_reset_page(struct request *request, enum reset_page page);

#endif

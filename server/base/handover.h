/* handover.h: a request or a job that another thread was given may be over, and its memory gone, at once. */
#ifndef TRIBUTARY_SERVER_BASE_HANDOVER_H
#define TRIBUTARY_SERVER_BASE_HANDOVER_H

#ifdef TRIBUTARY_HESITATE
#    include <unistd.h>
#endif

/* Said after the handing over. Where sanitizers watch, this thread then waits until the others are done: whoever still
 * touches what it handed over is found every time, and not once in ten thousand. */
static inline void handed_over(void)
{
#ifdef TRIBUTARY_HESITATE
    usleep(20000);
#endif
}

#endif

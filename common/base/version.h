/* version.h: the release of both programs, and the commit they are made from; a build may say another. */
#ifndef TRIBUTARY_BASE_VERSION_H
#define TRIBUTARY_BASE_VERSION_H

#ifndef TRIBUTARY_VERSION
#    define TRIBUTARY_VERSION "1.0.0"
#endif

/* "2d8860b1c2d3", with "-dirty" behind it where sources differ; "": not made from a repository. Only the two main.c are told,
 * so that a commit makes nothing else anew. */
#ifndef TRIBUTARY_COMMIT
#    define TRIBUTARY_COMMIT ""
#endif

#endif

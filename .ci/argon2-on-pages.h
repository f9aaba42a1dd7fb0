/* Argon2's memory begins on a page, for the compiler's -include (see make-environment).

   From where malloc begins, 32-byte vectors lie on two cache lines and 1 KiB blocks on two pages: up
   to a tenth slower, and by another amount whatever was allocated before, such as a password of
   another length. Such a time would tell. (aligned_alloc asks the system for the memory each time.) */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

static inline void *allocate_on_page(size_t size)
{
    char *start = malloc(size + PAGE + sizeof start);
    if (start == NULL)
        return NULL;
    char **page = (char **)(((uintptr_t)start + sizeof start + PAGE - 1) / PAGE * PAGE);
    page[-1] = start;
    return page;
}

static inline void *allocate_zeros(size_t size)
{
    void *page = allocate_on_page(size);
    return page == NULL ? NULL : memset(page, 0, size);
}

static inline void free_from_page(void *page)
{
    if (page != NULL)
        free(((char **)page)[-1]);
}

#define malloc(size) allocate_on_page(size)
#define calloc(count, size) allocate_zeros((count) * (size))
#define free(page) free_from_page(page)

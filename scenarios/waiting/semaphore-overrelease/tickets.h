/* SPDX-License-Identifier: MIT */
/*
 * A bounded semaphore that knows its holders. take() waits for a free place and yields a ticket
 * with a number of its own; only that ticket frees the place, and only once. LIMIT places.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static pthread_cond_t given_back = PTHREAD_COND_INITIALIZER;
static int holders[LIMIT]; /* tickets; 0: free */
static int last_ticket;

static void make_connections(void)
{
}

/* The place with this ticket, or NULL. */
static int *place_of(int ticket)
{
    for (int i = 0; i < LIMIT; i++) {
        if (holders[i] == ticket)
            return &holders[i];
    }
    return NULL;
}

static int take(void)
{
    pthread_mutex_lock(&lock);
    int *place;
    while ((place = place_of(0)) == NULL)
        pthread_cond_wait(&given_back, &lock);
    int ticket = ++last_ticket;
    *place = ticket;
    pthread_mutex_unlock(&lock);
    return ticket;
}

static bool give_back(int ticket)
{
    pthread_mutex_lock(&lock);
    int *place = place_of(ticket);
    if (place != NULL) {
        *place = 0;
        pthread_cond_signal(&given_back);
    }
    pthread_mutex_unlock(&lock);
    return place != NULL;
}

package delivery

import "time"

// How long to wait between two attempts, and how long one delivery is tried at all.
const (
	firstWait = 2 * time.Second
	lastWait  = time.Hour
	patience  = 24 * time.Hour
)

// Wait is how long a delivery of this age that has failed this many times waits for its next
// attempt: from two seconds, doubling to an hour, shortened at random (jitter in [0, 1)) by up to
// half, so that what failed together does not come back together. false when the next attempt
// would come later than 24 hours after the delivery was made.
func Wait(attempts int, age time.Duration, jitter float64) (time.Duration, bool) {
	wait := lastWait
	if doublings := max(attempts, 1) - 1; doublings < 11 {
		wait = min(firstWait<<doublings, lastWait)
	}
	wait -= time.Duration(jitter * float64(wait) / 2)
	return wait, age+wait <= patience
}

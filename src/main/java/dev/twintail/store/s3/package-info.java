/** Objects on any S3-compatible server: the only package that touches the AWS SDK. */
@NullMarked
package dev.twintail.store.s3;

import org.jspecify.annotations.NullMarked;

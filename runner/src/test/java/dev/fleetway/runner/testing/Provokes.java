package dev.fleetway.runner.testing;

import dev.fleetway.api.v1alpha1.TenantReason;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The test makes a tenant end for these reasons, by the real cause on the real part. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Provokes {
  TenantReason[] value();
}

/** Tests that hold the pages under {@code docs/} to the API. */
package dev.fleetway.api.docs;

package dev.twintail.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which servers' certificates are believed: those that the JVM's trust store vouches for, and those
 * that a bundle of PEM certificates does, if one is named. Who is refused is named in the failure.
 */
public final class ServerTrust {
  private final List<X509ExtendedTrustManager> managers;

  /** Nobody who is trusted vouches for a server. The message is of one line. */
  public static final class UntrustedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private UntrustedException(X509Certificate certificate, CertificateException cause) {
      super(
          "the certificate "
              + name(certificate.getSubjectX500Principal().getName())
              + " of "
              + name(certificate.getIssuerX500Principal().getName()),
          cause);
    }

    /** A stranger chose it. */
    private static String name(String distinguished) {
      String printable = distinguished.replaceAll("\\p{Cntrl}", "?");
      return printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
    }
  }

  private ServerTrust(List<X509ExtendedTrustManager> managers) {
    this.managers = managers;
  }

  /** Returns the first of the variables that is set, with its value as a file. */
  public static Optional<Map.Entry<String, Path>> bundleNamedBy(String... variables) {
    return Stream.of(variables)
        .filter(variable -> !value(variable).isEmpty())
        .findFirst()
        .map(variable -> Map.entry(variable, Path.of(value(variable))));
  }

  private static String value(String variable) {
    return Optional.ofNullable(System.getenv(variable)).orElse("").strip();
  }

  /** Trusts the JVM's trust store. */
  public static ServerTrust ofJvm() {
    return new ServerTrust(managers(null));
  }

  /**
   * Trusts the JVM's trust store and, beside it, a bundle.
   *
   * @param bundle with the name of the setting that names it
   * @throws IOException if it cannot be read as certificates; the message is a line for the user
   */
  public static ServerTrust with(Map.Entry<String, Path> bundle) throws IOException {
    return new ServerTrust(
        Stream.concat(managers(null).stream(), managers(read(bundle)).stream()).toList());
  }

  private static KeyStore read(Map.Entry<String, Path> bundle) throws IOException {
    try (InputStream in = Files.newInputStream(bundle.getValue())) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      for (Certificate certificate : certificates) {
        store.setCertificateEntry(Integer.toString(store.size()), certificate);
      }
      if (store.size() > 0) {
        return store;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(
          bundle,
          e instanceof IOException ? "the file cannot be read" : "it holds no certificate as PEM",
          e);
    }
    throw unusable(bundle, "no certificate in it", null);
  }

  private static IOException unusable(
      Map.Entry<String, Path> bundle, String reason, @Nullable Exception cause) {
    return new IOException(
        "Cannot read the certificates that %s names: %s (%s); name a file of PEM certificates"
            .formatted(bundle.getKey(), reason, bundle.getValue()),
        cause);
  }

  private static List<X509ExtendedTrustManager> managers(@Nullable KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return Stream.of(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          // One that trusts nobody throws what is no refusal, and the next would not be asked.
          .filter(manager -> manager.getAcceptedIssuers().length > 0)
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot read the JVM's trust store", e);
    }
  }

  /** Returns it as TLS libraries take it. */
  public TrustManager[] managers() {
    return new TrustManager[] {new Any()};
  }

  /** Returns it as the JDK takes it. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JVM has TLS", e);
    }
  }

  private interface CertificateCheck {
    void run(X509ExtendedTrustManager manager) throws CertificateException;
  }

  /** Believes whom any of the managers believes. */
  private final class Any extends X509ExtendedTrustManager {
    private void anyOf(X509Certificate[] chain, CertificateCheck check)
        throws CertificateException {
      @Nullable CertificateException failure = null;
      for (X509ExtendedTrustManager manager : managers) {
        try {
          check.run(manager);
          return;
        } catch (CertificateException e) {
          failure = failure == null ? e : failure;
        }
      }
      throw new UntrustedException(
          chain[0], failure == null ? new CertificateException("nobody is trusted") : failure);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      anyOf(chain, manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      anyOf(chain, manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      anyOf(chain, manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("This is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("This is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("This is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return managers.stream()
          .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()))
          .toArray(X509Certificate[]::new);
    }
  }
}

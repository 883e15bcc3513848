import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each file and each standard "pass" or "fail", and every rule that was broken. */
public class Validate {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1}) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
            PDFAValidator validator =
                Foundries.defaultInstance().createValidator(flavour, false)) {
          ValidationResult result = validator.validate(parser);
          String verdict = result.isCompliant() && result.getTotalAssertions() > 0 ? "pass" : "fail";
          System.out.println(verdict + " " + flavour.getId() + " " + new File(file).getName());
          for (TestAssertion broken : result.getTestAssertions()) {
            System.out.println("  " + broken.getRuleId().getClause() + " " + broken.getMessage());
          }
        }
      }
    }
  }
}

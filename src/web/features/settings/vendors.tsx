import { ArrowUp, Plus, X } from 'lucide-react';
import { settings as text } from '../../text/settings.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { Subtle } from '../../ui/text.tsx';
import {
  type Config,
  chained,
  chainOf,
  isVendor,
  VENDOR_FIELDS,
  VENDORS,
  type Vendor,
  vendorOf,
  withField,
} from './channel-fields.ts';
import { SettingField } from './setting-field.tsx';

const t = text.channels;
const options = VENDORS.map((vendor) => ({ value: vendor, label: t.vendor[vendor] ?? vendor }));

/** The vendors of SMS or voice in the order they are tried, each with its settings. `errorAt`: of a field below the channel. */
export const VendorFields = ({
  channel,
  config,
  saved,
  errorAt,
  onChange,
}: {
  channel: 'sms' | 'voice';
  config: Config;
  saved: Config | undefined;
  errorAt: (field: string) => string | undefined;
  onChange: (config: Config) => void;
}) => {
  const chain = chainOf(config);
  const unused = VENDORS.filter((vendor) => !chain.some((one) => vendorOf(one) === vendor));
  const savedOf = (vendor: Vendor) => saved && chainOf(saved).find((one) => vendorOf(one) === vendor);
  const put = (list: Config[]) => onChange(chained(list));
  return (
    <>
      {chain.map((one, index) => {
        const vendor = vendorOf(one);
        const name = t.vendor[vendor] ?? vendor;
        const path = 'next.'.repeat(index);
        const replace = (changed: Config) => put(chain.with(index, changed));
        return (
          <fieldset key={vendor} className="flex max-w-180 flex-col gap-3 border-t border-line pt-3 first:border-0 first:pt-0">
            <legend className="vh">{name}</legend>
            <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-strong">{name}</span>
              {chain.length > 1 && <Subtle>{index === 0 ? t.triedFirst : t.triedNext}</Subtle>}
              <span className="ml-auto flex gap-2">
                {index > 0 && (
                  <Button size="sm" look="quiet" onClick={() => put([one, ...chain.toSpliced(index, 1)])}>
                    <ArrowUp size={13} aria-hidden="true" />
                    {t.tryFirst(name)}
                  </Button>
                )}
                {chain.length > 1 && (
                  <Button size="sm" look="quiet" onClick={() => put(chain.toSpliced(index, 1))}>
                    <X size={13} aria-hidden="true" />
                    {t.removeVendor(name)}
                  </Button>
                )}
              </span>
            </div>
            <div className="grid gap-3 desk:grid-cols-2">
              {chain.length === 1 && (
                <Select
                  label={t.vendorLabel}
                  value={vendor}
                  options={options}
                  error={errorAt('vendor')}
                  onChange={(chosen) => isVendor(chosen) && replace({ ...savedOf(chosen), vendor: chosen })}
                />
              )}
              {VENDOR_FIELDS[channel][vendor].map((spec) => (
                <SettingField
                  key={spec.key}
                  spec={spec}
                  value={one[spec.key]}
                  error={errorAt(path + spec.key)}
                  onChange={(typed) => replace(withField(one, savedOf(vendor), spec, typed))}
                />
              ))}
            </div>
          </fieldset>
        );
      })}
      {unused.map((vendor) => (
        <div key={vendor} className="flex max-w-180 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-3">
          <Button size="sm" onClick={() => put([...chain, { ...savedOf(vendor), vendor }])}>
            <Plus size={13} aria-hidden="true" />
            {t.addVendor(t.vendor[vendor] ?? vendor)}
          </Button>
          <Subtle>{t.addVendorWhy}</Subtle>
        </div>
      ))}
    </>
  );
};
